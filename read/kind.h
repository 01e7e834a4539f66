/* SPDX-License-Identifier: MIT
 * read/kind.h - what sort of mail it is. */
#ifndef SST_READ_KIND_H
#define SST_READ_KIND_H

#include "read/body.h"

/* Whether the header is one that mail systems give to their own reports: cheap, and not sure. */
bool sst__header_is_report(const sst__fields *header);

/* A complaint that holds the message, but no feedback report. */
bool sst__is_plain_complaint(sst_mail *mail);

/* What a Subject begins with: SHAPE_ANSWER ("Re:"), SHAPE_FORWARD ("Fwd:"), or 0. */
unsigned sst__subject_about(sst_text subject);

/* A Subject that tells of a failure. */
bool sst__subject_fails(sst_mail *mail, unsigned level);

/* A person's mail whose Subject says that it forwards another. */
bool sst__subject_forwards(sst_mail *mail, unsigned level);

/* The kind of a mail without a report part, by its header and its words. */
sst_kind sst__kind_of_mail(sst_mail *mail, const sst__body *body);

/* answers.c: reports of the other kinds. */
void sst__give_answer(sst_mail *mail, sst__body *body); /* vacation, challenge, list server */
void sst__give_receipt(sst_mail *mail);
void sst__give_complaint(sst_mail *mail);
void sst__give_more_complaints(sst_mail *mail); /* those that did not fit into the queue */

/* verp.c: the recipient that a return address carries:
 * list-bounces+user=example.com@lists.example.org. Absent if it carries none. */
sst_text sst__verp_recipient(sst_text address, char *out, size_t size);
/* The address without what BATV, PRVS and SRS put around it; itself if nothing is there. */
sst_text sst__verp_plain(sst_text address, char *out, size_t size);

#endif
