/** For a field of something that others change too. */
import type { Attachment } from 'svelte/attachments';

/** Shows `value`, but leaves alone what is being typed; when the field is left, hands over what was typed. */
export function draft(value: () => string, onleft: (typed: string) => void): Attachment<HTMLInputElement> {
  return (input) => {
    let isTyped = false;
    $effect(() => {
      const shown = value();
      if (!isTyped) input.value = shown;
    });
    const typed = () => {
      isTyped = true;
    };
    const left = () => {
      if (isTyped) onleft(input.value);
      isTyped = false;
    };
    input.addEventListener('input', typed);
    input.addEventListener('blur', left);
    return () => {
      input.removeEventListener('input', typed);
      input.removeEventListener('blur', left);
    };
  };
}
