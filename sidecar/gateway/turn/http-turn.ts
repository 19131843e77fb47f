/** A turn that came as one HTTP request and is answered by its response. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Turn, type TurnOpening } from './turn';

export class HttpTurn extends Turn {
  readonly response: ServerResponse;

  constructor(request: IncomingMessage, response: ServerResponse, opening: TurnOpening) {
    super(request, response, opening);
    this.response = response;
  }
}
