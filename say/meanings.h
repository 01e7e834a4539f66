/* SPDX-License-Identifier: MIT
 * say/meanings.h - the tables of second meanings: data/dotted.tsv, vendor-meanings.tsv,
 * providers.tsv. */
#ifndef SST_SAY_MEANINGS_H
#define SST_SAY_MEANINGS_H

#include <smtpstatus.h>

enum sst_dotted_origin {
	SST_DOTTED_RFC,
	SST_DOTTED_SQUEEZED,
	SST_DOTTED_ERRNO,
	SST_DOTTED_GROUPWISE
};
enum sst_dotted_fit {
	SST_FITS_SAME,
	SST_FITS_NEAR,
	SST_FITS_DIFFERENT,
	SST_FITS_UNREGISTERED,
	SST_FITS_IMPOSSIBLE
};

struct sst_dotted {
	uint16_t reply;
	uint8_t origin, fits;
	bool reply_first; /* the dotted spelling, standing alone, is likelier the reply code */
	sst_text tell;    /* text tell.X */
	sst_text view; /* texts view.X.table and view.X.standard; absent: the table does not err */
	sst_text vendor; /* who uses it so; absent: many */
};

struct sst_vendor_meaning {
	sst_text provider;
	uint16_t reply; /* or else: */
	sst_code code;  /* class 0: every class */
	uint8_t category;
	sst_text key; /* of the text */
};

struct sst_provider_title {
	sst_text provider, name;
	bool software; /* a program that many run, not one who runs servers */
};

extern const struct sst_dotted sst__dotted[]; /* by reply */
extern const size_t sst__dotted_count;
extern const struct sst_vendor_meaning sst__vendor_meanings[];
extern const size_t sst__vendor_meaning_count;
extern const struct sst_provider_title sst__provider_titles[];
extern const size_t sst__provider_title_count;

/* The row of a number; NULL if the table has none. */
const struct sst_dotted *sst__dotted_find(unsigned reply);

/* Whether a provider is a program: "Postfix". */
bool sst__provider_is_software(sst_text provider);

/* What `provider` means by the code (class 0: none) or the reply code; NULL: nothing of its own. */
const struct sst_vendor_meaning *sst__vendor_meaning_find(sst_text provider, uint16_t reply,
                                                          sst_code code);

#endif
