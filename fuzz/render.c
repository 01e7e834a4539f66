/* SPDX-License-Identifier: MIT
 * fuzz/render.c - whatever words and address hold, a page is valid UTF-8 without anything that
 * steers, and every < in HTML is ours. The first byte chooses language, form and reader. */
#include <smtpstatus/say.h>

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct page {
	size_t len;
	char bytes[1 << 18];
} page;

static bool collect(void *context, const char *bytes, size_t len)
{
	page *out = context;

	if (len > sizeof out->bytes - out->len)
		return false;
	memcpy(out->bytes + out->len, bytes, len);
	out->len += len;
	return true;
}

static void nothing_steers(const page *out)
{
	for (size_t i = 0; i < out->len; i++) {
		unsigned char c = (unsigned char)out->bytes[i];
		if ((c < ' ' && c != '\n') || c == 0x7f || c == 0xc0 || c == 0xc1 || c > 0xf4)
			abort();
	}
}

/* Our tags, and no others. */
static void tags_are_ours(const page *out)
{
	static const char *const tags[] = {"!DOCTYPE html>",
	                                   "html ",
	                                   "/html>",
	                                   "head>",
	                                   "/head>",
	                                   "meta ",
	                                   "title>",
	                                   "/title>",
	                                   "style>",
	                                   "/style>",
	                                   "body>",
	                                   "/body>",
	                                   "div ",
	                                   "/div>",
	                                   "section>",
	                                   "section class=",
	                                   "/section>",
	                                   "br>",
	                                   "h2>",
	                                   "/h2>",
	                                   "dl>",
	                                   "/dl>",
	                                   "dt>",
	                                   "/dt>",
	                                   "dd>",
	                                   "/dd>",
	                                   "bdi>",
	                                   "/bdi>",
	                                   "blockquote ",
	                                   "/blockquote>",
	                                   "mark>",
	                                   "/mark>"};

	for (size_t i = 0; i < out->len; i++) {
		bool ours = out->bytes[i] != '<';
		for (size_t t = 0; !ours && t < sizeof tags / sizeof *tags; t++)
			ours = strlen(tags[t]) < out->len - i &&
			       memcmp(out->bytes + i + 1, tags[t], strlen(tags[t])) == 0;
		if (!ours)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static page out;
	sst_evidence evidence = SST_EVIDENCE_INIT;
	sst_verdict verdict = {.size = sizeof verdict};
	sst_rendering how = {.write = collect, .context = &out};
	sst_text words, recipient;
	size_t languages = 0, end;

	if (size == 0 || size > 20000)
		return 0;
	while (sst_lang_at(languages) != NULL)
		languages++;
	how.lang = sst_lang_at(data[0] / 12 % languages);
	how.form = (sst_form)(data[0] % 4);
	how.audience = (sst_audience)(data[0] / 4 % 3);
	how.columns = size % 3 == 0 ? 0 : 40 + (unsigned)(size % 60);
	how.brief = size % 2 == 0;
	words = (sst_text){(const char *)data + 1, size - 1};
	for (end = 0; end < words.len && words.ptr[end] != '\n'; end++)
		continue;
	recipient = (sst_text){words.ptr, end};
	evidence.text = words;
	evidence.recipient = recipient;
	sst_judge(NULL, &evidence, &verdict);
	out.len = 0;
	const sst_case cases[2] = {{recipient, words, &verdict, NULL},
	                           {words, recipient, &verdict, NULL}};
	if (!sst_render(&how, cases, 2))
		return 0;
	nothing_steers(&out);
	if (how.form == SST_FORM_HTML || how.form == SST_FORM_FRAGMENT)
		tags_are_ours(&out);
	return 0;
}
