/** One call: what was said so far, what the server knows of it, and saving it exactly once. */

import type { Letter } from '../letters/wire.ts';
import { WhileTyping } from './while-typing.ts';
import type { Asked, Call, Caller, Duplicate, Fault, IntakeApi, Product, Suggestion, Taken } from './wire.ts';

const LEAST_TYPED = 2;
const MOST_TEXT = 1_500;

export class PhoneCall {
  search = $state('');
  sku = $state('');
  type = $state('repair');
  symptom = $state.raw<Fault | null>(null);
  faultText = $state('');
  name = $state('');
  phone = $state('');
  address = $state('');
  serial = $state('');
  text = $state('');
  isUrgent = $state(false);
  /** The e-mail that is taken up instead of a call. */
  letter = $state.raw<Letter | null>(null);
  caller = $state.raw<Caller | null>(null);
  callers = $state.raw<Caller[] | null>(null);
  faults = $state.raw<Fault[]>([]);
  suggestions = $state.raw<Suggestion[]>([]);
  duplicate = $state.raw<Duplicate | null>(null);
  taken = $state.raw<Taken | null>(null);
  isSaving = $state(false);
  readonly #api: IntakeApi;
  readonly #key = crypto.randomUUID();
  readonly #typing = {
    caller: new WhileTyping(),
    fault: new WhileTyping(),
    address: new WhileTyping(),
    check: new WhileTyping(),
  };

  constructor(api: IntakeApi) {
    this.#api = api;
  }

  get isComplete(): boolean {
    return Boolean(this.sku && this.name.trim() && (this.phone.trim() || this.caller) && this.address.trim());
  }

  searchCaller(): void {
    const said = this.search.trim();
    if (said.length < LEAST_TYPED) {
      this.#typing.caller.stop();
      this.callers = null;
      return;
    }
    this.#typing.caller.ask(
      () => this.#api.callers(said),
      (found) => {
        this.callers = found;
      },
    );
  }

  /** Fill in what is known; the phone stays with the server unless work is under way. */
  choose(caller: Caller, products: readonly Product[], serial = ''): void {
    this.caller = caller;
    this.callers = null;
    this.search = '';
    this.name = caller.name;
    this.phone = '';
    this.address = caller.addresses[0] ?? '';
    const served = caller.appliances.filter(({ sku }) => products.some((one) => one.sku === sku));
    const owned = served.find((one) => one.serial === serial) ?? served[0];
    const [open] = caller.open_jobs;
    // People mostly call about what is under way.
    if (open) [this.sku, this.type] = [open.sku, open.type];
    else if (owned) [this.sku, this.serial] = [owned.sku, owned.serial];
    this.check();
  }

  /** Somebody found elsewhere is filled in; where something was typed already, they are the one to choose. */
  found(caller: Caller, products: readonly Product[], serial: string): void {
    const isBegun = Boolean(
      this.caller || this.name.trim() || this.address.trim() || this.sku || this.serial.trim(),
    );
    if (isBegun) this.callers = [caller];
    else this.choose(caller, products, serial);
  }

  takeUp(letter: Letter): void {
    this.letter = letter;
    this.name = letter.name;
    this.text = [letter.subject, letter.text].filter(Boolean).join(' · ').slice(0, MOST_TEXT);
  }

  searchFault(): void {
    this.symptom = null;
    this.#typing.fault.ask(
      () => this.#api.faults(this.faultText, this.sku),
      (found) => {
        this.faults = found;
      },
    );
  }

  chooseFault(fault: Fault, products: readonly Product[]): void {
    this.symptom = fault;
    this.faults = [];
    if (!this.sku) this.sku = products.find(({ category }) => category === fault.category)?.sku ?? '';
    this.check();
  }

  searchAddress(): void {
    this.#typing.address.ask(
      () => this.#api.addresses(this.address),
      (found) => {
        this.suggestions = found;
      },
    );
    this.check();
  }

  check(): void {
    if (!this.sku || !(this.phone.trim() || this.caller || this.serial.trim())) {
      this.duplicate = null;
      return;
    }
    this.#typing.check.ask(
      () => this.#api.duplicate(this.#asked()),
      (found) => {
        this.duplicate = found;
      },
    );
  }

  async save(): Promise<void> {
    if (this.isSaving || this.taken) return;
    this.isSaving = true;
    const said = this.symptom ? '' : this.faultText.trim();
    const call: Call = {
      ...this.#asked(),
      key: this.#key,
      name: this.name,
      symptom: this.symptom?.key ?? '',
      is_urgent: this.isUrgent,
      letter_id: this.letter?.id ?? null,
      text: [said, this.text.trim()].filter(Boolean).join('；'),
    };
    try {
      this.taken = await this.#api.take(call);
    } finally {
      this.isSaving = false;
    }
  }

  #asked(): Asked {
    return {
      sku: this.sku,
      type: this.type,
      phone: this.phone,
      customer_id: this.phone.trim() ? null : (this.caller?.customer_id ?? null),
      serial: this.serial,
      address: this.address,
    };
  }
}
