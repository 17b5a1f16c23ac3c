-- One row per file that repeats its own rows, by its largest load: rows equal to one further up in all that is used.
SELECT source, load_id, read, repeated
FROM labelled_loads AS loads
WHERE repeated > 0
QUALIFY row_number() OVER (PARTITION BY source ORDER BY read DESC, load_id DESC) = 1
ORDER BY repeated DESC, source
