/*
 * What the facts say about ALTER TABLE, held against the server: each form is tried on an empty
 * table with the ALGORITHM and LOCK that the facts state, which the server must accept, and with
 * the next gentler ones, which it must refuse; or not, where the facts say "up to".
 */
#include "mariadb.h"

static const char *const algorithms[] = {"INSTANT", "NOCOPY", "INPLACE", "COPY"};
static const char *const shares[] = {"NONE", "SHARED", "EXCLUSIVE"};

#define COLUMNS                                                                                    \
    "id int NOT NULL PRIMARY KEY, a int, b varchar(20), c varchar(40) NOT NULL DEFAULT '', "       \
    "e enum('x','y'), ix int, n int NOT NULL DEFAULT 1, p_id int, f text, g point NOT NULL, "      \
    "u int, KEY kix (ix), UNIQUE KEY uu (u), KEY kp (p_id), CONSTRAINT fk1 FOREIGN KEY (p_id) "    \
    "REFERENCES p (id), CONSTRAINT ck1 CHECK (n > 0)"

static const char plain[] = "CREATE OR REPLACE TABLE t (" COLUMNS ")";
static const char computed[] = "CREATE OR REPLACE TABLE t (" COLUMNS ", v int AS (a + 1) VIRTUAL)";
static const char stored[] = "CREATE OR REPLACE TABLE t (" COLUMNS ", s int AS (a + 1) STORED)";

static const char *const forms[] = {
    "ADD COLUMN z int",
    "ADD COLUMN z varchar(10) NOT NULL DEFAULT 'x'",
    "ADD COLUMN z int CHECK (z > 0)",
    "ADD COLUMN z int FIRST",
    "ADD COLUMN z int AFTER a",
    "ADD COLUMN z timestamp NOT NULL DEFAULT now() ON UPDATE now()",
    "ADD COLUMN z varchar(36) DEFAULT uuid()",
    "ADD COLUMN z char(36) NOT NULL DEFAULT (uuid())",
    "ADD COLUMN z int DEFAULT (1 + 1)",
    "ADD COLUMN z int DEFAULT (a + 1)",
    "ADD COLUMN z int DEFAULT nextval(sq)",
    "ADD COLUMN z date DEFAULT (curdate())",
    "ADD COLUMN z int AS (a + 1) VIRTUAL",
    "ADD COLUMN z int AS (a + 1) STORED",
    "ADD COLUMN z int AS (a + 1) PERSISTENT",
    "ADD COLUMN z int UNIQUE",
    "ADD COLUMN z int AUTO_INCREMENT UNIQUE",
    "ADD COLUMN z int REFERENCES p(id)",
    "ADD COLUMN z json",
    "ADD COLUMN (z int, y int)",
    "ADD COLUMN z int, ADD COLUMN y int",
    "ADD COLUMN z int, ADD INDEX (z)",
    "ADD COLUMN z int AS (a + 1) VIRTUAL, ADD INDEX (z)",
    "ADD COLUMN z int, ADD CONSTRAINT cz CHECK (z > 0)",
    "ADD COLUMN z int, DROP COLUMN b",
    "ADD COLUMN z int, MODIFY a bigint",
    "DROP COLUMN b",
    "DROP COLUMN ix",
    "RENAME COLUMN a TO aa",
    "RENAME COLUMN b TO c, RENAME COLUMN c TO b",
    "RENAME COLUMN a TO aa, ADD INDEX k1 (aa)",
    "CHANGE b bb varchar(20)",
    "CHANGE COLUMN a a bigint",
    "MODIFY a bigint",
    "MODIFY a int NOT NULL",
    "MODIFY b varchar(64)",
    "MODIFY b varchar(10)",
    "MODIFY e enum('x','y','z')",
    "ALTER COLUMN a SET DEFAULT 5",
    "ALTER COLUMN n DROP DEFAULT",
    "ADD INDEX kb (b)",
    "ADD INDEX (b)",
    "ADD UNIQUE INDEX ub (b)",
    "ADD CONSTRAINT ub UNIQUE (a, b)",
    "ADD FULLTEXT INDEX ff (f)",
    "ADD SPATIAL INDEX sp (g)",
    "DROP PRIMARY KEY",
    "DROP PRIMARY KEY, ADD PRIMARY KEY (n)",
    "DROP INDEX kix",
    "DROP KEY uu",
    "RENAME INDEX kix TO kix2",
    "ALTER INDEX kix IGNORED",
    "ADD INDEX k1 (a), DROP INDEX kix",
    "ADD CONSTRAINT c2 CHECK (a > 0)",
    "ADD CHECK (a > 0)",
    "DROP CONSTRAINT ck1",
    "ADD CONSTRAINT f2 FOREIGN KEY (a) REFERENCES p(id)",
    "DROP FOREIGN KEY fk1",
    "DROP FOREIGN KEY fk1, DROP INDEX kp",
    "ENGINE=InnoDB",
    "FORCE",
    "ROW_FORMAT=COMPRESSED",
    "PAGE_COMPRESSED=1",
    "AUTO_INCREMENT=100",
    "COMMENT='x'",
    "DEFAULT CHARACTER SET latin1",
    "CONVERT TO CHARACTER SET latin1",
    "STATS_PERSISTENT=1",
    "ADD SYSTEM VERSIONING",
    "DISABLE KEYS",
    "RENAME TO t2",
};

/* Does the server do it so? Then the table is made anew for the next try. */
static gboolean
is_accepted(gw_db *db, const char *create, const char *form, int rung)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *sql = g_strdup_printf(
        "ALTER TABLE t %s, ALGORITHM=%s, LOCK=%s", form, algorithms[rung / 3], shares[rung % 3]);
    if (gw_db_exec(db, sql, -1, NULL, &error))
    {
        mariadb_run(db, "DROP TABLE IF EXISTS t, t2");
        mariadb_run(db, create);
        return TRUE;
    }
    g_assert_cmpint(gw_error_native(error), >=, 1845); /* 1845, 1846: not supported so */
    g_assert_cmpint(gw_error_native(error), <=, 1846);
    return FALSE;
}

/* Is the rung the gentlest that the server accepts? */
static gboolean
is_gentlest(gw_db *db, const char *create, const char *form, int rung)
{
    gboolean gentler_share = rung % 3 > 0 && is_accepted(db, create, form, rung - 1);
    gboolean gentler_algorithm =
        rung / 3 > 0 && is_accepted(db, create, form, (rung / 3 - 1) * 3 + 2);
    return !gentler_share && !gentler_algorithm;
}

/* What the facts state for the table: algorithm * 3 + share; and whether it is "up to" that. */
static int
stated(const char *form, gboolean *at_most)
{
    g_autofree char *sql = g_strdup_printf("ALTER TABLE t %s", form);
    g_autoptr(gw_facts) facts = gw_mariadb_dialect.facts(sql, strlen(sql));
    for (guint r = 0; r < facts->relations->len; r++)
    {
        const gw_fact_relation *relation = g_ptr_array_index(facts->relations, r);
        *at_most = g_str_has_prefix(relation->lock, "up to ");
        const char *lock = relation->lock + (*at_most ? strlen("up to ") : 0);
        for (int i = 0; strcmp(relation->name, "t") == 0 && i < 12; i++)
        {
            g_autofree char *text =
                g_strdup_printf("%s, LOCK=%s", algorithms[i / 3], shares[i % 3]);
            if (strcmp(text, lock) == 0)
            {
                return i;
            }
        }
    }
    return -1;
}

/* `depends`: only the forms of which the facts say that the table decides. */
static void
climb(const char *create, gboolean depends)
{
    if (!mariadb_has_server())
    {
        return;
    }
    g_autoptr(gw_db) db = mariadb_open();
    mariadb_run(db, "CREATE TABLE p (id int PRIMARY KEY)");
    mariadb_run(db, "CREATE SEQUENCE sq");
    mariadb_run(db, create);
    guint wrong = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(forms); i++)
    {
        gboolean at_most = FALSE;
        int rung = stated(forms[i], &at_most);
        g_assert_cmpint(rung, >=, 0);
        if (depends && !at_most)
        {
            continue;
        }
        if (!is_accepted(db, create, forms[i], rung) ||
            (!at_most && !is_gentlest(db, create, forms[i], rung)))
        {
            wrong++;
            g_test_message("%s: not %s%s, LOCK=%s", forms[i], at_most ? "up to " : "",
                algorithms[rung / 3], shares[rung % 3]);
        }
    }
    g_assert_cmpuint(wrong, ==, 0);
    mariadb_close(g_steal_pointer(&db));
}

static void
test_plain(void)
{
    climb(plain, FALSE);
}

static void
test_features(void)
{
    climb(computed, TRUE);
    climb(stored, TRUE);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mariadb/ladder/the server does what the facts say", test_plain);
    g_test_add_func("/mariadb/ladder/what depends on the table stays within bounds", test_features);
    return g_test_run();
}
