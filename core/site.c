/* SPDX-License-Identifier: MIT
 * core/site.c - a site's own rules on top of the built-in ones. */
#include "core/compile.h"

sst_result sst_rules_extend(const sst_rules *base, sst_text tsv, void *memory, size_t size,
                            const sst_rules **out)
{
	return sst__compile(base == NULL ? sst_rules_builtin() : base, tsv, memory, size, out);
}
