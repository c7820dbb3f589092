"""What undoes a sample database: one statement for each object, named after the catalog.

Written from a copy that the database's own client has loaded, without godwit.
"""

POSTGRES = [
    "SELECT format('DROP TRIGGER %I ON %s', tgname, tgrelid::regclass) FROM pg_trigger"
    " WHERE NOT tgisinternal ORDER BY 1",
    "SELECT format('DROP RULE %I ON %I', rulename, tablename) FROM pg_rules"
    " WHERE schemaname = 'public' ORDER BY 1",
    "SELECT format('DROP VIEW %s', oid::regclass) FROM pg_class"
    " WHERE relkind = 'v' AND relnamespace = 'public'::regnamespace ORDER BY oid DESC",
    "SELECT format('DROP AGGREGATE %s', oid::regprocedure) FROM pg_proc"
    " WHERE prokind = 'a' AND pronamespace = 'public'::regnamespace ORDER BY 1",
    "SELECT format('DROP ROUTINE %s', oid::regprocedure) FROM pg_proc"
    " WHERE prokind <> 'a' AND pronamespace = 'public'::regnamespace ORDER BY 1",
    "SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname)"
    " FROM pg_constraint WHERE contype = 'f' ORDER BY 1",
    "SELECT format('DROP TABLE %s', oid::regclass) FROM pg_class WHERE relkind IN ('r', 'p')"
    " AND relnamespace = 'public'::regnamespace ORDER BY relispartition DESC,"
    " oid IN (SELECT inhrelid FROM pg_inherits) DESC, 1",
    "SELECT format('DROP SEQUENCE %s', c.oid::regclass) FROM pg_class c WHERE relkind = 'S'"
    " AND relnamespace = 'public'::regnamespace AND NOT EXISTS (SELECT FROM pg_depend"
    " WHERE objid = c.oid AND deptype IN ('a', 'i')) ORDER BY 1",
    "SELECT format('DROP %s %s', CASE typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END,"
    " format_type(oid, NULL)) FROM pg_type WHERE typtype IN ('d', 'e')"
    " AND typnamespace = 'public'::regnamespace ORDER BY typtype, 1",
]

MARIADB = [
    "SELECT CONCAT('DROP VIEW `', table_name, '`') FROM information_schema.views"
    " WHERE table_schema = DATABASE() ORDER BY 1",
    "SELECT CONCAT('DROP TRIGGER `', trigger_name, '`') FROM information_schema.triggers"
    " WHERE trigger_schema = DATABASE() ORDER BY 1",
    "SELECT CONCAT('DROP ', routine_type, ' `', routine_name, '`')"
    " FROM information_schema.routines WHERE routine_schema = DATABASE() ORDER BY 1",
    "SELECT CONCAT('ALTER TABLE `', table_name, '` DROP FOREIGN KEY `', constraint_name, '`')"
    " FROM information_schema.referential_constraints WHERE constraint_schema = DATABASE()"
    " ORDER BY 1",
    "SELECT CONCAT('DROP TABLE `', table_name, '`') FROM information_schema.tables"
    " WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE' ORDER BY 1",
]

SQLITE = [
    f"SELECT 'DROP {kind.upper()} \"' || name || '\"' FROM sqlite_schema WHERE type = '{kind}'"
    " AND name NOT LIKE 'sqlite_%' ORDER BY name"
    for kind in ("trigger", "view", "table")]

QUERIES = {"postgres": POSTGRES, "mariadb": MARIADB, "sqlite": SQLITE}


def objects(database):
    """The statements that drop everything there is, in an order that works."""
    return [statement for query in QUERIES[database.kind] for statement, in database.sql(query)
            if "godwit" not in statement]


def write(database):
    """The down section for what stands in `database`."""
    return "".join(f"{statement};\n" for statement in objects(database))
