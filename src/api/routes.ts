import type { ApiContext, Server } from './context.ts';
import { addAlarmRoutes } from './routes/alarms.ts';
import { addAlertRoutes } from './routes/alerts.ts';
import { addAuditRoutes } from './routes/audit.ts';
import { addAuthRoutes } from './routes/auth.ts';
import { addOidcRoutes } from './routes/auth-oidc.ts';
import { addProgramRoutes } from './routes/auth-programs.ts';
import { addSecondFactorRoutes } from './routes/auth-second-factor.ts';
import { addSessionRoutes } from './routes/auth-sessions.ts';
import { addCameraQualityRoutes } from './routes/camera-quality.ts';
import { addCameraSettingsRoutes } from './routes/camera-settings.ts';
import { addCameraRoutes } from './routes/cameras.ts';
import { addChannelRoutes } from './routes/channels.ts';
import { addEventRoutes } from './routes/events.ts';
import { addExportRoutes } from './routes/exports.ts';
import { addGateRoutes } from './routes/gate.ts';
import { addHealthRoutes } from './routes/health.ts';
import { addImageRoutes } from './routes/images.ts';
import { addListRoutes } from './routes/lists.ts';
import { addLiveRoutes } from './routes/live.ts';
import { addMetricsRoutes } from './routes/metrics.ts';
import { addModelRoutes } from './routes/models.ts';
import { addPageRoutes } from './routes/page.ts';
import { addPeopleRoutes } from './routes/people.ts';
import { addPlateRoutes } from './routes/plates.ts';
import { addPrivacyRoutes } from './routes/privacy.ts';
import { addPurposeRoutes } from './routes/purpose.ts';
import { addPushRoutes } from './routes/push.ts';
import { addReadRoutes } from './routes/read.ts';
import { addReportRoutes } from './routes/reports.ts';
import { addReviewRoutes } from './routes/review.ts';
import { addRuleRoutes } from './routes/rules.ts';
import { addSavedSearchRoutes } from './routes/saved-searches.ts';
import { addSearchRoutes } from './routes/search.ts';
import { addStatsRoutes } from './routes/stats.ts';
import { addSystemRoutes } from './routes/system.ts';
import { addTokenRoutes } from './routes/tokens.ts';
import { addTwilioStatusRoute } from './routes/twilio-status.ts';

/** Adds one group of routes to the server. */
export type AddRoutes = (server: Server, context: ApiContext) => void | Promise<void>;

/** Every group of routes, in the order in which the description lists them. */
export const ROUTES: readonly AddRoutes[] = [
  addHealthRoutes,
  addStatsRoutes,
  addReportRoutes,
  addEventRoutes,
  addReviewRoutes,
  addExportRoutes,
  addSearchRoutes,
  addSavedSearchRoutes,
  addPlateRoutes,
  addReadRoutes,
  addImageRoutes,
  addCameraRoutes,
  addCameraQualityRoutes,
  addCameraSettingsRoutes,
  addLiveRoutes,
  addAlertRoutes,
  addListRoutes,
  addRuleRoutes,
  addChannelRoutes,
  addGateRoutes,
  addPushRoutes,
  addTwilioStatusRoute,
  addAlarmRoutes,
  addPeopleRoutes,
  addTokenRoutes,
  addPurposeRoutes,
  addAuditRoutes,
  addPrivacyRoutes,
  addMetricsRoutes,
  addSystemRoutes,
  addModelRoutes,
  addAuthRoutes,
  addSessionRoutes,
  addSecondFactorRoutes,
  addProgramRoutes,
  addOidcRoutes,
  addPageRoutes,
];
