import type { Component } from 'svelte';

/** What an icon of the package becomes: it is for the eye only, and whoever shows it says its words beside it. */
declare const Icon: Component<{ size?: number; fill?: string; class?: string; 'aria-hidden': 'true' }>;
export default Icon;
