/* What an ALTER costs: algorithms and locks, combined and put into words. */
#include "drivers/mariadb/facts.h"

/* [least is most][algorithm][share]; the server's own words. */
#define LOCKS(prefix, algorithm)                                                                   \
    {                                                                                              \
        prefix algorithm ", LOCK=NONE", prefix algorithm ", LOCK=SHARED",                          \
            prefix algorithm ", LOCK=EXCLUSIVE"                                                    \
    }

static const char *const locks[2][4][3] = {
    {LOCKS("up to ", "INSTANT"), LOCKS("up to ", "NOCOPY"), LOCKS("up to ", "INPLACE"),
        LOCKS("up to ", "COPY")},
    {LOCKS("", "INSTANT"), LOCKS("", "NOCOPY"), LOCKS("", "INPLACE"), LOCKS("", "COPY")},
};

void
gw_mariadb_cost_add(gw_mariadb_cost *cost, const gw_mariadb_cost *more)
{
    cost->least = MAX(cost->least, more->least);
    cost->most = MAX(cost->most, more->most);
    cost->least_share = MAX(cost->least_share, more->least_share);
    cost->most_share = MAX(cost->most_share, more->most_share);
    cost->scans = cost->scans || more->scans;
    cost->computes = cost->computes || more->computes;
    cost->reshapes = (cost->reshapes || more->reshapes) && !cost->computes;
    if (cost->computes && cost->scans)
    {
        cost->least_share = MAX(cost->least_share, GW_MARIADB_SHARED);
        cost->most_share = MAX(cost->most_share, GW_MARIADB_SHARED);
    }
    if (cost->reshapes && cost->scans)
    {
        cost->least = MAX(cost->least, GW_MARIADB_INPLACE);
        cost->most = MAX(cost->most, GW_MARIADB_INPLACE);
    }
}

void
gw_mariadb_cost_cap(gw_mariadb_cost *cost, gw_mariadb_algorithm algorithm)
{
    if (algorithm == GW_MARIADB_COPY)
    {
        cost->least = GW_MARIADB_COPY;
        cost->least_share = MAX(cost->least_share, GW_MARIADB_SHARED);
        cost->most_share = MAX(cost->most_share, GW_MARIADB_SHARED);
    }
    else if (cost->most == GW_MARIADB_COPY)
    {
        cost->most_share = cost->least_share; /* the copy was what would have locked */
    }
    if (algorithm == GW_MARIADB_INSTANT && cost->least_share == GW_MARIADB_SHARED)
    {
        cost->least_share = GW_MARIADB_NONE;
        cost->most_share = GW_MARIADB_NONE;
    }
    cost->least = MIN(cost->least, algorithm);
    cost->most = algorithm == GW_MARIADB_COPY ? algorithm : MIN(cost->most, algorithm);
}

void
gw_mariadb_cost_share(gw_mariadb_cost *cost, gw_mariadb_share share)
{
    if (share == GW_MARIADB_NONE) /* a copy cannot do that */
    {
        cost->least = MIN(cost->least, GW_MARIADB_INPLACE);
        cost->most = MIN(cost->most, GW_MARIADB_INPLACE);
    }
    cost->least_share = share;
    cost->most_share = share;
}

/* What others cannot do meanwhile; a change of the catalog alone shuts all out for a moment. */
static gw_blocks
blocks_of(const gw_mariadb_cost *cost, gw_span span)
{
    if (span == GW_SPAN_MOMENT || cost->most_share == GW_MARIADB_EXCLUSIVE)
    {
        return GW_BLOCKS_ALL;
    }
    return cost->most_share == GW_MARIADB_SHARED ? GW_BLOCKS_WRITES : GW_BLOCKS_SCHEMA;
}

void
gw_mariadb_cost_state(
    const gw_mariadb_cost *cost, gw_facts *facts, const char *schema, const char *name)
{
    gboolean rewrites = cost->least >= GW_MARIADB_INPLACE;
    gboolean may_rewrite = cost->most >= GW_MARIADB_INPLACE;
    gboolean sure = cost->least == cost->most && cost->least_share == cost->most_share;
    gw_span span = may_rewrite || cost->scans ? GW_SPAN_ROWS : GW_SPAN_MOMENT;
    facts->rewrite = rewrites ? GW_YES : may_rewrite ? GW_DEPENDS : GW_NO;
    facts->scan = rewrites || cost->scans ? GW_YES : may_rewrite ? GW_DEPENDS : GW_NO;
    if (facts->note == NULL && blocks_of(cost, span) == GW_BLOCKS_SCHEMA)
    {
        facts->note = "reads and writes wait for a moment at its begin and at its end";
    }
    gw_facts_add_relation(facts, schema, name, blocks_of(cost, span), span,
        locks[sure][cost->most][cost->most_share]);
}

static const char *const algorithms[] = {"INSTANT", "NOCOPY", "INPLACE", "COPY", "DEFAULT", NULL};
static const char *const shares[] = {"NONE", "SHARED", "EXCLUSIVE", "DEFAULT", NULL};

gboolean
gw_mariadb_take_clause(gw_words *words, gw_mariadb_cost *cost)
{
    gboolean algorithm = gw_words_take(words, "ALGORITHM");
    if (!algorithm && !gw_words_take(words, "LOCK"))
    {
        return FALSE;
    }
    gw_words_take(words, "=");
    int said = gw_words_take_any(words, algorithm ? algorithms : shares);
    if (algorithm && said >= 0 && said <= GW_MARIADB_COPY)
    {
        gw_mariadb_cost_cap(cost, (gw_mariadb_algorithm)said);
    }
    else if (!algorithm && said >= 0 && said <= GW_MARIADB_EXCLUSIVE)
    {
        gw_mariadb_cost_share(cost, (gw_mariadb_share)said);
    }
    return TRUE;
}
