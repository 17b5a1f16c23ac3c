-- One row per ticket and target that was set for it: until when it is to be answered, or solved.
-- It is judged by what was last known of it when it was answered or solved, or when its time ran out, whichever came
-- first: later changes do nothing. `due_at` is the last instant at which the target is still met, on its clock: where
-- opening hours end just then, that is when the desk opens next. It is null where the desk never opens long enough to
-- miss it, and while the target is paused since `paused_at`. `used_us`: the time used by then, null unless the ticket
-- still waits for what was promised.
WITH sums AS (
  SELECT
    *,
    end_us - start_us AS length_us,
    coalesce(
      sum(end_us - start_us) OVER (
        PARTITION BY ticket_id, measure, since
        ORDER BY started_at, ended_at NULLS LAST
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
      ),
      0
    )::bigint AS used_before_us
  FROM running_times
),

last_pieces AS (
  SELECT
    *,
    row_number() OVER (
      PARTITION BY ticket_id, measure, since ORDER BY started_at, ended_at NULLS LAST
    ) AS number,
    start_us + target_us - used_before_us AS due_us
  FROM sums
  WHERE length_us IS NULL OR used_before_us + length_us > target_us
),

due AS (
  SELECT
    p.ticket_id,
    p.measure,
    p.since,
    CASE WHEN p.is_business THEN p.due_us END AS due_open_us,
    CASE
      WHEN NOT p.is_business THEN p.started_at + to_microseconds(p.due_us - p.start_us)
      WHEN p.due_us - i.open_before_us < i.open_us THEN i.opens_at + to_microseconds(p.due_us - i.open_before_us)
    END AS due_at
  FROM last_pieces AS p
  ASOF LEFT JOIN open_intervals AS i ON i.schedule = p.schedule AND i.open_before_us <= p.due_us
  WHERE p.number = 1
),

used AS (
  SELECT
    ticket_id,
    measure,
    since,
    sum(length_us)::bigint AS used_us,
    max(ended_at) AS last_ended_at,
    count(*) FILTER (WHERE ended_at IS NULL) > 0 AS is_running
  FROM sums
  GROUP BY ticket_id, measure, since
),

judged AS (
  SELECT
    c.*,
    d.due_open_us,
    d.due_at,
    u.used_us,
    CASE
      WHEN c.target_us IS NOT NULL AND d.due_at IS NULL AND NOT coalesce(u.is_running, false)
        THEN coalesce(u.last_ended_at, c.begun_at)
    END AS paused_at,
    coalesce(d.due_at < c.until, false) AS is_decided
  FROM target_candidates AS c
  LEFT JOIN due AS d ON d.ticket_id = c.ticket_id AND d.measure = c.measure AND d.since = c.since
  LEFT JOIN used AS u ON u.ticket_id = c.ticket_id AND u.measure = c.measure AND u.since = c.since
),

ranked AS (
  SELECT
    *,
    row_number() OVER (
      PARTITION BY ticket_id, measure ORDER BY NOT is_decided, CASE WHEN is_decided THEN since END, since DESC
    ) AS number
  FROM judged
)

SELECT
  ticket_id,
  measure,
  schedule,
  target_us,
  is_business,
  begun_at,
  met_at,
  rested_at,
  due_open_us,
  due_at,
  paused_at,
  CASE
    WHEN paused_at IS NOT NULL AND met_at IS NULL AND rested_at IS NULL THEN coalesce(used_us, 0)
  END AS used_us
FROM ranked
WHERE number = 1 AND target_us IS NOT NULL
