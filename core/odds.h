/* SPDX-License-Identifier: MIT
 * core/odds.h - the constants of core/confidence.c. Written by tools/calibrate --fit. */
#ifndef SST_CORE_ODDS_H
#define SST_CORE_ODDS_H

/* clang-format off */
enum {
	OF_NOTHING = 40,
	BACKED = 126,
	CONTRADICTED = -48,
	TWO = 96,
	THREE = 102,
	MORE = 157,
	RIVALLED = -114,
	PRESSED = -154,
	TIED = -177,
	SOME_LEFT = -88,
	MUCH_LEFT = -139
};
static const struct step odds_of_words[] = {
	{30, -132},
	{50, 73},
	{60, 142},
	{70, 191},
	{80, 302},
	{85, 350},
	{90, 404},
	{95, 469},
	{100, 536},
};
static const struct step odds_of_codes[] = {
	{0, -275},
	{20, -124},
	{30, -39},
	{45, 91},
	{57, 191},
	{70, 294},
	{80, 372},
	{97, 499},
	{100, 499},
};
static const struct step odds_of_model[] = {
	{16, 22},
	{20, 54},
	{24, 95},
	{28, 161},
	{32, 231},
	{36, 301},
	{40, 363},
	{100, 363},
};
/* clang-format on */

#endif
