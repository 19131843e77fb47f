/** A turn that came as one HTTP request and is answered by its response. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ErrorBody } from './respond';
import { Turn, type TurnOpening } from './turn';

export class HttpTurn extends Turn {
  readonly response: ServerResponse;
  /** How an error is written to this client. */
  readonly errorBody: ErrorBody;

  constructor(request: IncomingMessage, response: ServerResponse, opening: TurnOpening, errorBody: ErrorBody) {
    super(request, response, opening);
    this.response = response;
    this.errorBody = errorBody;
  }
}
