// The settings of `leavers reconcile`.
import type { Settings } from '../../config/settings.ts';
import type { ActionName } from '../../model.ts';
import type { ListKind } from './people-list.ts';

export interface ReconcileSettings extends Settings {
  readonly reconcile: {
    readonly list: ListKind;
    readonly domains: ReadonlySet<string>;
    readonly action: ActionName;
    /** Ask for the API tokens of everybody who has left. */
    readonly tokens: boolean;
    /** The manifest's file. */
    readonly out: string | undefined;
    /** The page's file. */
    readonly html: string | undefined;
  };
}
