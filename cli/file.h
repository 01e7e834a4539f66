/* SPDX-License-Identifier: MIT
 * cli/file.h - small files that are wanted whole: code tables and rules. */
#ifndef SST_CLI_FILE_H
#define SST_CLI_FILE_H

#include <smtpstatus.h>

/* Reads all of a file ("-": standard input) into memory that lives as long as the process; tables
 * have at most 256 MB. False with errno set. */
bool cli_file_load(const char *path, sst_text *out);

/* The line, from 1, that byte `at` lies in. */
unsigned long cli_file_line(sst_text text, size_t at);

#endif
