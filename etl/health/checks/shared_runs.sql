-- One row per family of files with run ids that stand in several tickets: how many they are, and how many are not taken
-- as one run, for whichever reasons. None where the settings say what a run id is unique within.
SELECT
    family AS source,
    count(*) AS runs,
    count(*) FILTER (WHERE NOT is_one) AS apart,
    count(*) FILTER (WHERE is_in_many) AS in_many,
    count(*) FILTER (WHERE is_of_several) AS of_several,
    count(*) FILTER (WHERE is_overlapping) AS overlapping
FROM shared_run_ids JOIN sources USING (load_id)
WHERE is_family AND unique_within IS NULL
GROUP BY family
ORDER BY source
