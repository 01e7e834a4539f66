/* SPDX-License-Identifier: MIT
 * say/code.h - texts of codes, replies and categories; shared within say/. */
#ifndef SST_SAY_CODE_H
#define SST_SAY_CODE_H

#include <smtpstatus/say.h>

/* Text `what` ("title", "text") of a code, or of the nearest that is registered. A site's own title
 * and text win. */
sst_text sst__code_text(const sst_lang *lang, const sst_registry *registry, sst_code code,
                        const char *what, sst_nearness *nearness);

/* Text reply.N `what`; absent if the number is not known. */
sst_text sst__reply_say(const sst_lang *lang, unsigned reply, const char *what);

/* Text category.NAME `what`, placeholders filled. */
sst_text sst__category_text(const sst_lang *lang, sst_category category, const char *what,
                            const sst_say_values *values, sst_say_room *room);

/* What the audience can do; "nothing to do" where there is nothing. `final`: this message was
 * refused for good, so that only later ones can be tried. */
sst_text sst__advice(const sst_lang *lang, sst_audience audience, sst_category category,
                     sst_act act, bool final, const sst_say_values *values,
                     sst_say_room *room);

/* What follows the last @; absent if there is none. */
sst_text sst__domain_of(sst_text address);

#endif
