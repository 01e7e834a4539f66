/* SPDX-License-Identifier: MIT
 * read/html.h - the words of an HTML part. */
#ifndef SST_READ_HTML_H
#define SST_READ_HTML_H

#include "core/text.h"

/* Takes the tags out of UTF-8 `text` in place: blocks become lines, entities characters, scripts,
 * styles and comments nothing. "<user@example.com>" that nobody escaped stays. Returns the length.
 */
size_t sst__html_strip(char *text, size_t len);

/* Leaves out what sst__html_strip would not look at anyway: attributes, scripts, styles, comments.
 * More text may be put behind the result as if nothing had been done. Returns the length. */
size_t sst__html_squeeze(char *text, size_t len);

#endif
