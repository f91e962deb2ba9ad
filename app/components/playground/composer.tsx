"use client";
import { ImagePlus, X } from "lucide-react";
import { type ClipboardEvent, type FormEvent, useRef, useState } from "react";
import { readImage } from "../../lib/playground/read-image";
import { SendIcon } from "../icons";
import { IconButton } from "../ui/button";

interface ComposerProps {
  readonly disabled: boolean;
  /** False when it was not sent; text and pictures then stay. */
  readonly onSend: (text: string, images: readonly string[]) => boolean;
  readonly onProblem: (words: string) => void;
}

const MAX_IMAGES = 4;

export function Composer({ disabled, onSend, onProblem }: ComposerProps) {
  const [text, setText] = useState("");
  const [images, setImages] = useState<readonly string[]>([]);
  const picker = useRef<HTMLInputElement>(null);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!onSend(text, images)) return;
    setText("");
    setImages([]);
  };
  const add = async (files: readonly File[]): Promise<void> => {
    for (const file of files) {
      const image = await readImage(file);
      if (image === undefined) onProblem(`${file.name} is no picture that a browser can read.`);
      else setImages((before) => [...before, image].slice(-MAX_IMAGES));
    }
  };
  const paste = (event: ClipboardEvent): void => {
    const files = [...event.clipboardData.files].filter(({ type }) => type.startsWith("image/"));
    if (files.length === 0) return;
    event.preventDefault();
    void add(files);
  };
  return (
    <form onSubmit={submit} className="relative">
      <Pictures images={images} onRemove={(place) => setImages(images.filter((_, other) => other !== place))} />
      <div className="relative">
        <input
          value={text}
          onChange={(event) => setText(event.target.value)}
          onPaste={paste}
          aria-label="Message"
          placeholder="Or type a message"
          autoComplete="off"
          enterKeyHint="send"
          maxLength={4000}
          className="h-12 w-full rounded-2xl border border-line bg-surface pr-24 pl-4 transition-colors placeholder:text-ink-faint hover:border-line-strong"
        />
        <input
          ref={picker}
          type="file"
          accept="image/png,image/jpeg,image/webp,image/gif"
          multiple
          aria-label="Pictures"
          className="sr-only"
          tabIndex={-1}
          onChange={({ target }) => {
            void add([...(target.files ?? [])]);
            target.value = "";
          }}
        />
        <IconButton
          label="Add a picture"
          disabled={disabled || images.length >= MAX_IMAGES}
          className="absolute top-1.5 right-12"
          onClick={() => picker.current?.click()}
        >
          <ImagePlus aria-hidden="true" />
        </IconButton>
        <button
          type="submit"
          aria-label="Send"
          disabled={disabled || (text.trim() === "" && images.length === 0)}
          className="absolute top-1.5 right-1.5 flex size-9 items-center justify-center rounded-xl bg-accent-fill text-accent-ink transition-colors hover:bg-accent-fill-hover disabled:bg-sunken disabled:text-ink-faint"
        >
          <SendIcon className="size-4.5" />
        </button>
      </div>
    </form>
  );
}

interface PicturesProps {
  readonly images: readonly string[];
  readonly onRemove: (place: number) => void;
}

/** What is to be sent beside the words. */
function Pictures({ images, onRemove }: PicturesProps) {
  if (images.length === 0) return null;
  return (
    <ul aria-label="Pictures to send" className="mb-2 flex gap-2">
      {images.map((image, i) => (
        <li key={image.slice(-40)} className="relative">
          <img src={image} alt={`Picture ${i + 1}`} className="size-14 rounded-xl border border-line object-cover" />
          <button
            type="button"
            aria-label={`Remove picture ${i + 1}`}
            onClick={() => onRemove(i)}
            className="absolute -top-1.5 -right-1.5 grid size-5 place-items-center rounded-full bg-ink text-paper"
          >
            <X className="size-3" aria-hidden="true" />
          </button>
        </li>
      ))}
    </ul>
  );
}
