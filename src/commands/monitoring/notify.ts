// notify: one message about the end of a command, to a chat or any other receiver. A failure is a warning and changes nothing.
import type { Context } from '../../context.ts';
import { print } from '../../terminal/output.ts';
import { type Notification, notificationBody } from './notification.ts';
import { post } from './webhook.ts';

/** Sends the message. Never throws; the address is not printed. */
export async function notify(url: string, message: Notification, context: Context): Promise<void> {
  const status = await post(url, notificationBody(url, message), context);
  if (status === undefined) await print(context.stderr, 'warning: the receiver of --notify could not be reached');
  else if (status >= 300) await print(context.stderr, `warning: the receiver of --notify answered HTTP ${status}`);
}
