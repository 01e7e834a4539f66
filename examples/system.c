/* SPDX-License-Identifier: MIT
 * examples/system.c - the status code for an error of the operating system.
 *
 *     cc system.c $(pkg-config --cflags --libs smtpstatus) */
#include <smtpstatus/outside.h>
#include <smtpstatus/words.h>

#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
	char code[SST_CODE_SIZE];
	const sst_outside *found;
	sst_text category;

	if (argc != 2)
		return 2;
	found = sst_code_from_outside(SST_OUTSIDE_ERRNO, (sst_text){argv[1], strlen(argv[1])});
	if (found == NULL)
		return 1;
	sst_code_format(found->code, code, sizeof(code));
	category = sst_word(SST_VOCABULARY_CATEGORY, found->category);
	printf("%s %.*s\n", code, (int)category.len, category.ptr);
	return 0;
}
