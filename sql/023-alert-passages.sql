-- What rules of alerts ask of the past.

CREATE INDEX plate_events_crossed ON plate_events (site_id, detected_at)
  INCLUDE (event_id, text_normalized, directions) WHERE directions IS NOT NULL;

-- Passages of the last day as the alerts saw them, where rules ask for the past: ingest may write an event before or after it is
-- decided. The event itself is kept until ingest has it.
CREATE TABLE alert_passages (
  event_id        uuid        PRIMARY KEY,
  detected_at     timestamptz NOT NULL,
  revision        integer     NOT NULL,
  status          text        NOT NULL,
  site_id         text        NOT NULL,
  camera_id       text        NOT NULL,
  text_normalized text        NOT NULL,
  directions      text[],
  event           json,
  noted_at        timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX alert_passages_text    ON alert_passages (text_normalized, detected_at);
CREATE INDEX alert_passages_crossed ON alert_passages (site_id, detected_at) WHERE directions IS NOT NULL;
CREATE INDEX alert_passages_noted   ON alert_passages (noted_at);
