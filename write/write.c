/* SPDX-License-Identifier: MIT */
#include <smtpstatus.h>

typedef int sst__write_is_empty_so_far;
