-- What a challenger read beside the reader: the ids of both with a space between them, whether their texts differ, and how sure the
-- challenger was. Null where none read. The texts stand in the event alone.
ALTER TABLE plate_events ADD COLUMN shadow_pair text, ADD COLUMN shadow_differs boolean, ADD COLUMN shadow_confidence real;
CREATE INDEX plate_events_shadow ON plate_events (shadow_pair, shadow_differs, detected_at DESC, event_id DESC)
  WHERE shadow_pair IS NOT NULL;

-- What was decided on versions of models, by people or by the rule, and on which figures.
CREATE TABLE model_decisions (
  id      bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at      timestamptz NOT NULL DEFAULT now(),
  model   text        NOT NULL,
  version text        NOT NULL,
  action  text        NOT NULL CHECK (action IN ('promote', 'canary', 'rollback', 'refuse')),
  cameras text[]      NOT NULL DEFAULT '{}',
  -- Null is the rule.
  by_name text,
  figures jsonb
);
CREATE INDEX model_decisions_model ON model_decisions (model, id DESC);
