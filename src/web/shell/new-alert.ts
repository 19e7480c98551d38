import { useEffect, useRef, useState } from 'preact/hooks';
import type { Alert } from '../../contract/alert.ts';
import { useCell } from '../data/cell.ts';
import { useServices } from '../services.ts';
import { playTone, recallSound } from './alert-sound.ts';

/** The newest alert that people are told of, once; it sounds as it was chosen. */
export function useNewAlert(): Alert | undefined {
  const newest = useCell(useServices().feed.alert);
  const told = useRef('');
  const [alert, setAlert] = useState<Alert>();
  useEffect(() => {
    if (newest === undefined || newest.status !== 'raised' || newest.held_back !== null) return;
    if (newest.alert_id === told.current) return;
    told.current = newest.alert_id;
    setAlert(newest);
    const sound = recallSound();
    if (sound === 'all' || (sound === 'urgent' && newest.rule.severity !== 'info')) playTone();
  }, [newest]);
  return alert;
}
