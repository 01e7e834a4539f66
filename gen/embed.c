/* SPDX-License-Identifier: MIT
 * gen/embed.c - files as one constant text.
 *
 * usage: embed NAME TABLE FILE... */
#include <stdio.h>

int main(int argc, char **argv)
{
	FILE *out = argc > 3 ? fopen(argv[2], "w") : NULL;
	unsigned long size = 0;
	int last = '\n';

	if (out == NULL) {
		fputs("usage: embed NAME TABLE FILE...\n", stderr);
		return 2;
	}
	fprintf(out,
	        "#include <stddef.h>\n\nextern const char %s[];\nextern const size_t %s_len;\n\n",
	        argv[1], argv[1]);
	fprintf(out, "const char %s[] = {", argv[1]);
	for (int i = 3; i < argc; i++) {
		FILE *in = fopen(argv[i], "rb");
		if (in == NULL) {
			perror(argv[i]);
			return 1;
		}
		for (int c = getc(in); c != EOF; c = getc(in)) {
			fprintf(out, "%s(char)%d,", size++ % 20 == 0 ? "\n\t" : "", c);
			last = c;
		}
		if (last != '\n')
			fprintf(out, "10,"), size++;
		fclose(in);
	}
	fprintf(out, "0};\nconst size_t %s_len = %lu;\n", argv[1], size);
	if (fclose(out) != 0) {
		perror(argv[2]);
		return 1;
	}
	return 0;
}
