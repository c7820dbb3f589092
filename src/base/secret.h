/* Secrets: forgotten when done with, and taken out of what is shown. */
#ifndef GW_BASE_SECRET_H
#define GW_BASE_SECRET_H

#include "base/base.h"

/* What stands in the place of a secret. */
#define GW_SECRET_MARK "***"

/* Overwrite a text in place, up to its NUL, in a way that no compiler leaves out. NULL is none. */
void gw_secret_wipe(char *secret);

/* Wipe and free. */
void gw_secret_free(char *secret);

/*
 * `url` as it may be shown: the password of its user part and the values of password parameters
 * (password=, sslpassword=, pwd=; also in "host=h password=p") are GW_SECRET_MARK. The caller frees
 * it.
 */
char *gw_secret_hide_url(const char *url);

/* Does the URL hold a password? */
gboolean gw_secret_in_url(const char *url);

/* `text` with each occurrence of `secret`, bare or percent-encoded, hidden; secrets of fewer than
 * 3 bytes are not looked for. The caller frees it. */
char *gw_secret_scrub(const char *text, const char *secret);

#endif
