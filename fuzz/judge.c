/* SPDX-License-Identifier: MIT
 * fuzz/judge.c - any text: confidence in range, offsets inside, and the same verdict for upper
 * case, for line ends of another kind, and for a header field that was folded on its way. */
#include "core/text.h"

#include <stdlib.h>

#define SHORT 4096u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool lies_in(sst_text part, sst_text text)
{
	return part.ptr == NULL ||
	       (part.ptr >= text.ptr && part.ptr + part.len <= text.ptr + text.len);
}

static void judge(sst_text text, sst_verdict *verdict)
{
	sst_evidence evidence = SST_EVIDENCE_INIT;

	evidence.text = text;
	sst_judge(NULL, &evidence, verdict);
	if (verdict->confidence > 100 || verdict->category == 0 ||
	    verdict->proof_count > SST_PROOFS)
		abort();
	for (unsigned i = 0; i < verdict->proof_count; i++)
		if (verdict->proofs[i].from > verdict->proofs[i].upto ||
		    verdict->proofs[i].upto > text.len || verdict->proofs[i].weight > 100)
			abort();
	if (!lies_in(verdict->detail.link, text) || !lies_in(verdict->detail.list, text) ||
	    !lies_in(verdict->detail.new_address, text) || !lies_in(verdict->detail.ticket, text) ||
	    !lies_in(verdict->detail.provider_code, text))
		abort();
}

/* What `text` becomes; at most three times as long. */
struct copy {
	char bytes[3 * SHORT];
	size_t len;
};

static void put(struct copy *copy, char c)
{
	copy->bytes[copy->len++] = c;
}

static void upper(sst_text text, struct copy *copy)
{
	for (size_t i = 0; i < text.len; i++)
		put(copy, text.ptr[i] >= 'a' && text.ptr[i] <= 'z' ? (char)(text.ptr[i] - 32)
		                                                   : text.ptr[i]);
}

static void crlf(sst_text text, struct copy *copy)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '\n' && (i == 0 || text.ptr[i - 1] != '\r'))
			put(copy, '\r');
		put(copy, text.ptr[i]);
	}
}

static bool is_one_line(sst_text text)
{
	return sst__text_find(text, 0, '\n') == text.len &&
	       sst__text_find(text, 0, '\r') == text.len;
}

/* RFC 5322 section 2.2.3: a field may be broken in front of any blank, but for lines of blanks
 * only. */
static void folded(sst_text text, struct copy *copy)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == ' ' && i % 3 != 0 && i + 1 < text.len &&
		    !sst__is_space(text.ptr[i - 1]) && !sst__is_space(text.ptr[i + 1])) {
			put(copy, '\r');
			put(copy, '\n');
		}
		put(copy, text.ptr[i]);
	}
}

static void same_as(const sst_verdict *a, sst_text text, void (*change)(sst_text, struct copy *))
{
	static struct copy copy;
	sst_verdict b;

	copy.len = 0;
	change(text, &copy);
	judge((sst_text){copy.bytes, copy.len}, &b);
	if (a->category != b.category || a->permanence != b.permanence ||
	    a->confidence != b.confidence || a->reply_code != b.reply_code ||
	    !sst_code_equal(a->status, b.status))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	sst_text text = {(const char *)data, size};
	sst_verdict verdict;

	judge(text, &verdict);
	if (size > SHORT)
		return 0;
	same_as(&verdict, text, upper);
	same_as(&verdict, text, crlf);
	if (is_one_line(text))
		same_as(&verdict, text, folded);
	return 0;
}
