/* SPDX-License-Identifier: MIT
 * core/detail.c - what the words give beside the verdict. */
#include "core/judge.h"

void sst__detail(const struct sst__case *c, const struct sst__rule *winner,
                 struct sst_verdict *verdict)
{
	(void)c;
	if (winner != NULL)
		verdict->detail.check = winner->check;
}
