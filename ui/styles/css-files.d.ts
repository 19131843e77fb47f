/** Style sheets are taken up by esbuild; to TypeScript they are modules without content. */
declare module '*.css';
