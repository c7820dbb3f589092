#include "base/error_codes.h"

static const gw_code_row rows[] = {
#define GW_CODE_ROW(name, number, retry, meaning)                                                  \
    {GW_CODE_##name, #name, (number) < 1000 ? "GW0" #number : "GW" #number, GW_RETRY_##retry,      \
        meaning},
    GW_CODES(GW_CODE_ROW)
#undef GW_CODE_ROW
};

const gw_code_row *
gw_code_rows(gsize *count)
{
    *count = G_N_ELEMENTS(rows);
    return rows;
}

const gw_code_row *
gw_code_find(int code)
{
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
    {
        if ((int)rows[i].code == code)
        {
            return &rows[i];
        }
    }
    return &rows[G_N_ELEMENTS(rows) - 1];
}

int
gw_code_exit(int code)
{
    return (int)gw_code_find(code)->code / 100;
}
