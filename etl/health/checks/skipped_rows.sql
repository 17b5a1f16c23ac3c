-- One row per file with skipped rows, by its largest load: rows that tell no event by the mapping.
SELECT source, load_id, read, skipped
FROM labelled_loads AS loads
WHERE skipped > 0
QUALIFY row_number() OVER (PARTITION BY source ORDER BY read DESC, load_id DESC) = 1
ORDER BY skipped DESC, source
