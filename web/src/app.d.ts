declare global {
  namespace App {
    interface PageState {
      noteId?: string;
    }
  }
}

export {};
