/* SPDX-License-Identifier: MIT
 * core/odds.h - the constants of core/confidence.c. Written by tools/calibrate --fit. */
#ifndef SST_CORE_ODDS_H
#define SST_CORE_ODDS_H

/* clang-format off */
enum {
	OF_NOTHING = 38,
	BACKED = 136,
	CONTRADICTED = -62,
	TWO = 111,
	THREE = 121,
	MORE = 177,
	RIVALLED = -104,
	PRESSED = -179,
	TIED = -235,
	SOME_LEFT = -77,
	MUCH_LEFT = -120
};
static const struct step odds_of_words[] = {
	{30, -103},
	{50, 75},
	{60, 138},
	{70, 197},
	{80, 287},
	{85, 342},
	{90, 396},
	{95, 446},
	{100, 492},
};
static const struct step odds_of_codes[] = {
	{0, -167},
	{20, -63},
	{30, -5},
	{45, 79},
	{57, 148},
	{70, 224},
	{80, 285},
	{97, 387},
	{100, 387},
};
static const struct step odds_of_model[] = {
	{16, 35},
	{20, 74},
	{24, 117},
	{28, 166},
	{32, 219},
	{36, 274},
	{40, 327},
	{100, 327},
};
/* clang-format on */

#endif
