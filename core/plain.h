/* SPDX-License-Identifier: MIT
 * core/plain.h - the judge for readers that ask what words mean. */
#ifndef SST_CORE_PLAIN_H
#define SST_CORE_PLAIN_H

#include <smtpstatus.h>

/* As sst_judge, without the details of the verdict and without the second opinion. */
void sst__judge_plainly(const sst_rules *rules, const sst_evidence *evidence, sst_verdict *verdict);

#endif
