import { useEffect, useRef, useState } from 'preact/hooks';
import type { Rule } from '../../contract/rule.ts';
import type { Tree } from './rule-parts.ts';
import { checkRule } from './rules-client.ts';
import { writeYaml } from './write-yaml.ts';

/** How long edits must pause before they are checked, milliseconds. */
const REST_MS = 350;

/** What a rule says when it says nothing. */
const SILENT: Tree = { note: '', enabled: true, act_at: 'final', verify: false, channels: [] };

/** The order in which parts are written, which a database does not keep; others follow. */
const ORDER = ['id', 'name', 'note', 'enabled', 'match', 'system', 'when', 'act_at', 'severity'];

type Checked = Readonly<{ text: string; rule?: Rule; error?: unknown }>;

/** A rule that is edited as a form and as YAML, of which each follows the other, and what the server says of it. */
export type Draft = Readonly<{
  tree: Tree;
  text: string;
  /** The rule as the server reads it; undefined while it does not fit or is being read. */
  rule: Rule | undefined;
  error: unknown;
  isUnsaved: () => boolean;
  setTree: (tree: Tree) => void;
  setText: (text: string) => void;
  setSaved: () => void;
}>;

/** Begins with a rule that is kept, or with the beginning of a new one. */
export function useDraft(begin: Tree): Draft {
  const [tree, setTree] = useState(() => tidy(begin));
  const [text, setText] = useState(() => writeYaml(tree));
  const [checked, setChecked] = useState<Checked>({ text: '' });
  const saved = useRef(text);
  const shown = useRef(text);
  const isTyped = useRef(false);
  shown.current = text;
  useEffect(() => {
    const abort = new AbortController();
    const timer = setTimeout(() => {
      checkRule(text, abort.signal).then(
        (rule) => {
          setChecked({ text, rule });
          if (isTyped.current) setTree(tidy(rule));
        },
        (error: unknown) => abort.signal.aborted || setChecked({ text, error }),
      );
    }, REST_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [text]);
  const isUnsaved = useRef(() => shown.current !== saved.current).current;
  return {
    tree,
    text,
    rule: checked.text === text ? checked.rule : undefined,
    error: checked.error,
    isUnsaved,
    setTree: (next) => {
      isTyped.current = false;
      setTree(next);
      setText(writeYaml(next));
    },
    setText: (next) => {
      isTyped.current = true;
      setText(next);
    },
    setSaved: () => {
      saved.current = shown.current;
    },
  };
}

/** Without what says nothing, and in the order of the guide. */
function tidy(tree: Tree): Tree {
  const keys = new Set([...ORDER.filter((key) => key in tree), ...Object.keys(tree)]);
  const said = [...keys].filter(
    (key) => tree[key] !== undefined && JSON.stringify(tree[key]) !== JSON.stringify(SILENT[key]),
  );
  return Object.fromEntries(said.map((key) => [key, tree[key]]));
}
