/* SPDX-License-Identifier: MIT
 * core/odds.h - the constants of core/confidence.c. Written by tools/calibrate --fit. */
#ifndef SST_CORE_ODDS_H
#define SST_CORE_ODDS_H

/* clang-format off */
enum {
	OF_NOTHING = 40,
	BACKED = 128,
	CONTRADICTED = -48,
	TWO = 96,
	THREE = 96,
	MORE = 156,
	RIVALLED = -112,
	PRESSED = -159,
	TIED = -171,
	SOME_LEFT = -83,
	MUCH_LEFT = -145
};
static const struct step odds_of_words[] = {
	{30, -117},
	{50, 64},
	{60, 137},
	{70, 203},
	{80, 302},
	{85, 351},
	{90, 407},
	{95, 470},
	{100, 534},
};
static const struct step odds_of_codes[] = {
	{0, -236},
	{20, -145},
	{30, -45},
	{45, 102},
	{57, 200},
	{70, 298},
	{80, 374},
	{97, 479},
	{100, 479},
};
static const struct step odds_of_model[] = {
	{16, 24},
	{20, 47},
	{24, 72},
	{28, 159},
	{32, 242},
	{36, 334},
	{40, 433},
	{100, 433},
};
/* clang-format on */

#endif
