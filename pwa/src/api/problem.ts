/** The body of every error reply (application/problem+json). */
export interface Problem {
  type?: string;
  title?: string;
  status?: number;
  detail?: string;
  code?: string;
  [extra: string]: unknown;
}

/** A reply that refused what was asked. `code` is for programs, `detail` for people. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly problem: Problem;

  constructor(status: number, problem: Problem) {
    super(problem.detail ?? problem.title ?? `HTTP ${status}`);
    this.name = 'ApiError';
    this.status = status;
    this.code = problem.code ?? (status >= 500 ? 'server' : 'bad_input');
    this.problem = problem;
  }
}

/** No reply at all: the request may or may not have had its effect. */
export class NetworkError extends Error {
  readonly cause: unknown;

  constructor(cause: unknown) {
    super('network');
    this.cause = cause;
    this.name = 'NetworkError';
  }
}

export async function problemOf(reply: Response): Promise<Problem> {
  try {
    const body: unknown = await reply.clone().json();
    return typeof body === 'object' && body !== null ? (body as Problem) : {};
  } catch {
    return {}; // a proxy's HTML page, or a body cut short: the status still says what happened
  }
}
