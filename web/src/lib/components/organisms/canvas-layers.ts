/** What the canvas draws besides notes; fetched with it, and there before the first notes are. */
export { default as FarList } from './FarList.svelte';
export { default as FramesLayer } from './FramesLayer.svelte';
export { default as LinesLayer } from './LinesLayer.svelte';
export { default as OverviewLayer } from './OverviewLayer.svelte';
