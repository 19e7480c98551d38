-- What reports ask for, and all that the database role of reports may see of events and alerts: no plate but in report_plates, no
-- picture, no name of a person, nothing of accounts or the audit.

-- Decisions and pictures are found in the text of the event, because PostgreSQL cannot take one apart in which it finds a NUL.
CREATE VIEW report_reads AS
  SELECT detected_at, site_id, camera_id, status, confidence, region, vehicle_type,
    CASE WHEN revision >= 1000000 THEN substring(event::text FROM '"action":"([a-z]+)"') END AS decision,
    event::text LIKE '%"images":{%' AS has_pictures
  FROM plate_events;

CREATE VIEW report_plates AS
  SELECT detected_at, site_id, camera_id, text_normalized AS plate, directions
  FROM plate_events
  WHERE status <> 'retracted' AND text_normalized <> '';

CREATE VIEW report_alerts AS
  SELECT happened_at, site_id, camera_id, rule_id, severity, status, held_back IS NOT NULL AS was_held_back, was_right
  FROM alerts;

CREATE VIEW report_deliveries AS
  SELECT sent.created_at, alerts.site_id, alerts.camera_id, sent.channel_id, sent.state, sent.attempts, sent.ended_at
  FROM alert_deliveries AS sent LEFT JOIN alerts USING (alert_id);
