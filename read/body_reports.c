/* SPDX-License-Identifier: MIT
 * read/body_reports.c - chooses the failed recipients among the addresses of a report's words, and
 * the words that explain. */
#include "core/context.h"
#include "core/plain.h"
#include "read/body.h"
#include "read/phrase.h"

enum { DIAGNOSTIC_MOST = 900 };

/* So much surer must the judge be of the words for everybody than of a recipient's own. */
enum { MARGIN = 10 };

/* A reason of which the judge is less sure may be read into words that only introduce. */
enum { DOUBTFUL = 30 };

/* The judge is never surer of words. */
enum { SUREST = 100 };

static bool usable(const sst__candidate *candidate, bool senders)
{
	return !candidate->is_machine && (senders || !candidate->is_sender);
}

static uint8_t best_of(const sst__body *body, bool senders)
{
	uint8_t best = REASON_NONE;

	for (uint32_t i = 0; i < body->count; i++)
		if (usable(&body->candidates[i], senders) && body->candidates[i].reason > best)
			best = body->candidates[i].reason;
	return best;
}

/* Keeps the candidates from `reason` up, in the order of the text. */
static void keep(sst__body *body, uint8_t reason, bool senders)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < body->count; i++)
		if (usable(&body->candidates[i], senders) && body->candidates[i].reason >= reason)
			body->candidates[kept++] = body->candidates[i];
	body->count = kept;
	for (uint32_t i = 1; i < kept; i++) {
		sst__candidate moved = body->candidates[i];
		uint32_t at = i;
		for (; at > 0 && body->candidates[at - 1].from > moved.from; at--)
			body->candidates[at] = body->candidates[at - 1];
		body->candidates[at] = moved;
	}
	sst__body_index(body);
}

void sst__body_choose(sst_mail *mail, sst__body *body)
{
	bool senders = false;

	(void)mail;
	body->best = best_of(body, false);
	if (body->best < REASON_CODED && best_of(body, true) >= REASON_LISTED) {
		senders = true; /* somebody wrote to himself */
		body->best = best_of(body, true);
	}
	keep(body, body->best >= REASON_LISTED ? REASON_LISTED : body->best, senders);
}

/* Appends words, white space squeezed. */
static size_t squeeze(sst_text in, char *out, size_t len, size_t size)
{
	for (size_t i = 0; i < in.len && len < size; i++) {
		if (!sst__is_space(in.ptr[i]))
			out[len++] = in.ptr[i];
		else if (len > 0 && out[len - 1] != ' ')
			out[len++] = ' ';
	}
	return len;
}

static size_t cut_at_letter(const char *out, size_t len, size_t size)
{
	/* Never in the middle of a character. */
	if (len == size)
		while (len > 0 && ((unsigned char)out[len - 1] & 0xc0) == 0x80)
			len--;
	return len == size ? len : (len > 0 && (unsigned char)out[len - 1] >= 0xc0 ? len - 1 : len);
}

/* "--0003.1741/mx.example.com", or a part's Content-Type: structure that stands among the words. */
static bool is_structure(sst_text words)
{
	if (sst__text_starts(words, SST_TEXT("content-")))
		return true;
	return words.len > 12 && words.ptr[0] == '-' && words.ptr[1] == '-' &&
	       words.ptr[2] != '-' && memchr(words.ptr, ' ', words.len) == NULL;
}

/* "(generated from user@example.com)" alone on a line. */
static bool is_origin(const sst__line *line, sst_text words)
{
	return (line->kinds & SHAPE_ORIGINAL) && words.len > 0 && words.ptr[0] == '(' &&
	       words.ptr[words.len - 1] == ')' &&
	       !(line->kinds & (SHAPE_QUOTES | SHAPE_WORD | SHAPE_FAILED));
}

/* Lines that help the reader but explain nothing. */
static bool is_help(const sst__line *line, sst_text words)
{
	sst_codes codes;

	if (is_structure(words) || is_origin(line, words))
		return true;
	if (!(line->kinds & SHAPE_OTHER) ||
	    (line->kinds & (SHAPE_QUOTES | SHAPE_WORD | SHAPE_FAILED)))
		return false;
	sst_codes_find(words, &codes);
	return codes.outer.reply == 0 && codes.inner.reply == 0 && codes.outer.code.cls < 4;
}

/* Candidates are in the order of the text by now. */
static size_t region_end(const sst__body *body, const sst__candidate *candidate)
{
	const sst__candidate *next = candidate + 1;

	while (next < body->candidates + body->count && next->from <= candidate->from)
		next++;
	return next < body->candidates + body->count ? next->from : body->stop;
}

/* The first line that reaches beyond `from`. */
static uint32_t line_at(const sst__body *body, size_t from)
{
	uint32_t low = 0, high = body->line_count;

	while (low < high) {
		uint32_t middle = (low + high) / 2;
		if (body->lines[middle].upto <= from)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* A 4yz or 5yz reply code at `i`: a quick look. */
static bool code_at(sst_text words, size_t i)
{
	char before = i > 0 ? words.ptr[i - 1] : ' ', after = sst__at(words, i + 3);

	return (words.ptr[i] == '4' || words.ptr[i] == '5') && sst__is_digit(words.ptr[i + 1]) &&
	       sst__is_digit(words.ptr[i + 2]) && !sst__is_digit(before) && before != '.' &&
	       !sst__is_alpha(before) && !sst__is_digit(after) && after != '.';
}

/* One stands somewhere among the words. */
static bool has_code(sst_text words)
{
	for (size_t i = sst__next_digit(words, 0); i + 3 <= words.len;
	     i = sst__next_digit(words, i + 1))
		if (code_at(words, i))
			return true;
	return false;
}

/* 4.y.z or 5.y.z at `i`. */
static bool enhanced_at(sst_text words, size_t i)
{
	return (words.ptr[i] == '4' || words.ptr[i] == '5') && sst__at(words, i + 1) == '.' &&
	       sst__is_digit(sst__at(words, i + 2)) && sst__at(words, i + 3) == '.' &&
	       sst__is_digit(sst__at(words, i + 4)) &&
	       !(i > 0 && (sst__is_digit(words.ptr[i - 1]) || words.ptr[i - 1] == '.'));
}

/* One stands there, and words behind it: not "Status code: 550 5.1.10" alone. */
static bool has_told_code(sst_text words)
{
	enum { ENOUGH = 4 };

	for (size_t i = 0; i + 3 <= words.len; i++) {
		size_t letters = 0;
		if (!code_at(words, i))
			continue;
		for (i += 3; i < words.len && letters < ENOUGH; i++)
			letters +=
			        sst__is_alpha(words.ptr[i]) || (unsigned char)words.ptr[i] >= 0x80;
		return letters >= ENOUGH;
	}
	return false;
}

/* Where the last one, or an enhanced code, stands in text[from..upto); `from` if there is none. */
static size_t last_code(sst_text text, size_t from, size_t upto)
{
	for (size_t i = upto; i-- > from;)
		if (i + 3 <= upto && (code_at(text, i) || enhanced_at(text, i)))
			return i;
	return from;
}

/* How well words explain. A reason is worth more, the surer the judge is of it. */
enum worth { WORTH_NONE, WORTH_LETTERS, WORTH_FAILURE, WORTH_REASON, WORTH_CODE = 200 };

unsigned sst__reason_in(sst_text words)
{
	sst_evidence evidence = SST_EVIDENCE_INIT;
	sst_verdict verdict = {.size = sizeof verdict};

	evidence.text = words;
	sst__judge_plainly(NULL, &evidence, &verdict);
	return verdict.category != SST_CATEGORY_UNDETERMINED &&
	                       verdict.permanence != SST_PERMANENCE_SUCCESS &&
	                       verdict.proof_count > 0 && verdict.proofs[0].kind <= SST_PROOF_PHRASE
	               ? verdict.confidence
	               : 0;
}

bool sst__body_has_code(const sst__body *body)
{
	enum { LOOK_AT = 120 };

	for (uint32_t i = 0; i < body->line_count && i < LOOK_AT; i++) {
		const sst__line *line = &body->lines[i];
		sst_text words = sst__text_part(body->text, line->from, line->upto);
		sst_codes codes;
		if (line->blank || line->quoted)
			continue;
		sst_codes_find(words, &codes);
		if (codes.outer.reply >= 400 || codes.outer.code.cls >= 4)
			return true;
	}
	return false;
}

/* Collects words line by line. */
typedef struct gather {
	const sst__body *body;
	char *out;
	size_t size, len;
	size_t upto;      /* where the words end */
	size_t last_code; /* and where the last code stands, once that was looked for */
	bool looked;
	bool started; /* else waits for the first line that tells something */
	bool coded;   /* a refusal's code has been met */
	bool told;    /* and so have words of failure: not only labels and dates */
	bool answer;  /* the line above is what the other side said in a dialogue */
} gather;

/* At a blank line in a recipient's region: whether all has been said. Advice follows. */
static bool is_said(gather *g, const sst__line *line)
{
	if (!g->told)
		return false;
	if (!g->looked)
		g->last_code = last_code(g->body->text, line->upto, g->upto);
	g->looked = true;
	return g->last_code <= line->upto && sst__reason_in((sst_text){g->out, g->len}) > 0;
}

/* "554 5.0.0 Service unavailable" below "<<< 554 go away": what the sending side calls the answer,
 * with a code that says nothing. */
static bool is_echo(gather *g, sst_text words)
{
	bool below = g->answer;

	g->answer = sst__text_starts(words, SST_TEXT("<<< "));
	return below && code_at(words, 0) &&
	       sst__text_starts(sst__text_part(words, 3, words.len), SST_TEXT(" 5.0.0 Service"));
}

/* False when what explains has come to its end. */
static bool gather_line(gather *g, const sst__line *line, sst_text words, bool region_began)
{
	if (words.len == 0)
		return !(g->coded || (g->len > 80 && g->len + 200 > g->size) ||
		         (region_began && is_said(g, line)));
	if (line->blank || is_help(line, words) || is_echo(g, words)) /* blank: a banner above */
		return true;
	if (g->coded && region_began && (line->kinds & SHAPE_FINAL) && !sst__is_digit(words.ptr[0]))
		return false; /* "Giving up": the other side's words are over */
	if (region_began && g->told && (line->kinds & SHAPE_FAILED) &&
	    (line->kinds & SHAPE_RECIPIENTS))
		return false; /* the same again, in another language */
	if (!g->started && !(line->kinds & (SHAPE_QUOTES | SHAPE_WORD)) && !has_code(words))
		return true;
	g->started = true;
	g->coded = g->coded || has_told_code(words);
	g->told = g->told || g->coded || (line->kinds & (SHAPE_WORD | SHAPE_FAILED));
	if (g->len > 0 && g->len < g->size) /* a code at a line's start is seen better there */
		g->out[g->len++] = sst__is_digit(words.ptr[0]) ? '\n' : ' ';
	g->len = squeeze(words, g->out, g->len, g->size);
	return true;
}

/* The words of text[from..upto), help left out. If they are many: from the first line with a code
 * or a phrase that introduces the server's words, if there is one. */
static size_t words_of(const sst__body *body, size_t from, size_t upto, char *out, size_t size)
{
	gather g = {.body = body, .out = out, .size = size, .upto = upto};

	g.started = upto - from <= DIAGNOSTIC_MOST;
	for (unsigned tries = 0; tries < 2 && g.len == 0; tries++) {
		for (uint32_t i = line_at(body, from); i < body->line_count; i++) {
			const sst__line *line = &body->lines[i];
			size_t start = line->from > from ? line->from : from;
			size_t stop = line->upto < upto ? line->upto : upto;
			if (line->from >= upto || g.len == size)
				break;
			if (!gather_line(&g, line,
			                 sst__text_trim(sst__text_part(body->text, start, stop)),
			                 line->from > from && from > body->first))
				break;
		}
		g.started = true;
	}
	return g.len;
}

/* Marks between a recipient and the words about it. */
static size_t skip_marks(sst_text text, size_t at, size_t upto)
{
	while (at < upto && strchr(" \t\n>:;,.\"')]|=-*", text.ptr[at]) != NULL)
		at++;
	return at;
}

static bool has_letters(const char *out, size_t len)
{
	size_t letters = 0;

	for (size_t i = 0; i < len; i++)
		letters += sst__is_alpha(out[i]) || (unsigned char)out[i] >= 0x80;
	return letters > 5;
}

static unsigned worth(const char *out, size_t len)
{
	sst_text words = {out, len};
	sst_codes codes;
	unsigned reason;

	if (!has_letters(out, len))
		return WORTH_NONE;
	sst_codes_find(words, &codes);
	if (codes.outer.reply >= 400 || codes.outer.code.cls >= 4)
		return WORTH_CODE;
	reason = sst__reason_in(words);
	if (reason > 0)
		return WORTH_REASON + reason;
	return sst__shapes_in(words) & (SHAPE_WORD | SHAPE_FAILED | SHAPE_QUOTES) ? WORTH_FAILURE
	                                                                          : WORTH_LETTERS;
}

typedef struct attempt {
	const sst__body *body;
	char *out;
	size_t size, len;
	unsigned worth; /* enum worth */
} attempt;

/* Takes text[from..upto) if it explains better than what there is. */
static void try_words(attempt *a, size_t from, size_t upto)
{
	char *other = a->out + a->size;
	size_t len;
	unsigned value;

	if (from >= upto || a->worth == WORTH_CODE)
		return;
	len = words_of(a->body, from, upto, other, a->size);
	value = worth(other, len);
	if (value <= a->worth)
		return;
	memcpy(a->out, other, len);
	a->len = len;
	a->worth = value;
}

_Static_assert(4 * DIAGNOSTIC_MOST <= SST__LINE_BYTES,
               "two attempts at a diagnostic fit into the decode buffer");

/* The best words there are when a recipient has none of its own; kept behind those. */
static sst_text shared_words(sst_mail *mail, sst__body *body)
{
	attempt a = {body, mail->decode_buffer + (size_t)2 * DIAGNOSTIC_MOST, DIAGNOSTIC_MOST, 0,
	             0};

	if (!body->shared_known) {
		body->shared_known = true;
		try_words(&a, body->said, body->said_upto);
		if (body->count > 0)
			try_words(&a, body->first, body->candidates[0].from);
		if (a.worth < WORTH_REASON + DOUBTFUL)
			try_words(&a, body->first, body->stop);
		body->shared_len = (uint16_t)cut_at_letter(a.out, a.len, a.size);
		body->shared_worth =
		        (uint8_t)(body->shared_len == a.len ? a.worth
		                                            : worth(a.out, body->shared_len));
	}
	return (sst_text){a.out, body->shared_len};
}

static void own_words(attempt *a, const sst__candidate *candidate)
{
	const sst__body *body = a->body;
	size_t upto;

	if (candidate == NULL || candidate->reason == REASON_HEADER)
		return;
	upto = region_end(body, candidate);
	if (candidate->reason != REASON_CODED)
		try_words(a, skip_marks(body->text, candidate->upto, upto), upto);
	if (a->worth < WORTH_CODE && candidate->said < candidate->said_upto)
		try_words(a, candidate->said, candidate->said_upto);
}

/* Whether a reply code or an enhanced code may stand in the words: never false where one does. */
static bool may_hold_code(sst_text words)
{
	for (size_t i = sst__next_digit(words, 0); i < words.len;
	     i = sst__next_digit(words, i + 1)) {
		char next = sst__at(words, i + 1);
		if ((words.ptr[i] == '4' || words.ptr[i] == '5') &&
		    (next == '.' || sst__is_digit(next)))
			return true;
	}
	return false;
}

/* Whether a recipient's own words can't be outdone by those for everybody. */
static bool are_enough(const attempt *own)
{
	const sst__body *body = own->body;

	if (own->worth == WORTH_CODE ||
	    (own->worth != WORTH_NONE && body->count > 1 && body->said == body->said_upto))
		return true;
	/* Where the judge is as sure as can be, a code alone would be better. */
	return own->worth + MARGIN >= WORTH_REASON + SUREST &&
	       !may_hold_code(sst__text_part(body->text, body->first, body->stop));
}

sst_text sst__body_diagnostic(sst_mail *mail, sst__body *body, const sst__candidate *candidate)
{
	attempt own = {body, mail->decode_buffer, DIAGNOSTIC_MOST, 0, 0};
	sst_text shared;

	own_words(&own, candidate);
	if (!are_enough(&own)) {
		shared = shared_words(mail, body);
		if (shared.len > 0 &&
		    (own.worth == WORTH_NONE || (body->shared_worth >= WORTH_REASON &&
		                                 body->shared_worth > own.worth + MARGIN)))
			return shared;
	}
	return own.len > 0 ? (sst_text){own.out, cut_at_letter(own.out, own.len, own.size)}
	                   : SST_NO_TEXT;
}

bool sst__body_report(sst_mail *mail, sst__body *body, sst_report *report)
{
	const sst__candidate *candidate;

	if (body->given >= body->count)
		return false;
	candidate = &body->candidates[body->given++];
	report->recipient = sst__candidate_address(body, candidate);
	report->original_recipient = sst__candidate_original(body, candidate);
	report->recipient_origin =
	        candidate->reason == REASON_CODED ? SST_ORIGIN_TRANSCRIPT : SST_ORIGIN_PROSE;
	report->diagnostic = sst__body_diagnostic(mail, body, candidate);
	report->diagnostic_origin =
	        candidate->said < candidate->said_upto ? SST_ORIGIN_TRANSCRIPT : SST_ORIGIN_PROSE;
	return true;
}
