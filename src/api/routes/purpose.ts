import { checkPurpose } from '../../audit/purposes.ts';
import { AlprError } from '../../base/errors.ts';
import { type PurposeState, purposeBodySchema, purposeStateSchema } from '../../contract/api/audit.ts';
import { noQuery } from '../../contract/api/fields.ts';
import { problemSchema } from '../../contract/api/problem.ts';
import { findSessionPurpose, keepSessionPurpose, type SaidPurpose } from '../../store/audit/session-purposes.ts';
import { whoAsks } from '../access/guard-routes.ts';
import type { ApiContext, Server } from '../context.ts';

const tags = ['Audit'];

/** What somebody looks plates up for, kept with the session: browsers send no headers with pictures and streams. */
export function addPurposeRoutes(server: Server, { sql, audit: { config } }: ApiContext): void {
  const describe = (current: SaidPurpose | undefined): PurposeState => ({
    required: config.require_purpose,
    case_number_required: config.require_case_number,
    purposes: config.purposes,
    case_number: config.case_number,
    current: current ?? null,
  });

  server.get(
    '/auth/purpose',
    {
      config: { access: 'signed-in' },
      schema: {
        tags,
        operationId: 'readPurpose',
        summary: 'What must be said before plates are shown, and what this session has said',
        querystring: noQuery,
        response: { 200: purposeStateSchema },
      },
    },
    async (request) => {
      const { session } = whoAsks(request);
      return describe(session === undefined ? undefined : await findSessionPurpose(sql, session));
    },
  );

  server.post(
    '/auth/purpose',
    {
      config: { access: 'signed-in', audit: 'change' },
      schema: {
        tags,
        operationId: 'sayPurpose',
        summary: 'Say what the coming requests of this session are for',
        querystring: noQuery,
        body: purposeBodySchema,
        response: { 200: purposeStateSchema, 400: problemSchema, 403: problemSchema },
      },
    },
    async (request) => {
      const { session } = whoAsks(request);
      if (session === undefined) {
        throw new AlprError(
          'INPUT_INVALID',
          'Expected a session of the page; programs send X-Purpose with each request',
        );
      }
      const { purpose, case_number } = request.body;
      const said = purpose === null ? undefined : { purpose, case_number };
      if (said) checkPurpose(config, { purpose: said.purpose, caseNumber: said.case_number ?? undefined });
      request.auditNote.query = { purpose, case_number };
      await keepSessionPurpose(sql, session, said);
      return describe(said);
    },
  );
}
