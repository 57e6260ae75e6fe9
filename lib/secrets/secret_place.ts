/** One place to keep secrets; whoever changes it holds the lock. */
export interface SecretPlace {
  get(name: string): Promise<string | undefined>;
  put(name: string, value: string): Promise<void>;
  delete(name: string): Promise<void>;
  names(): Promise<readonly string[]>;
}
