import '../ui/tokens.css';
import '../ui/base.css';
import './technician.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { TechnicianApp } from './state/app.svelte.ts';

async function open(target: HTMLElement): Promise<void> {
  const app = new TechnicianApp();
  await app.start();
  target.replaceChildren();
  mount(App, { target, props: { app } });
  app.startBackground();
}

const target = document.getElementById('app');
if (!target) throw new Error('The page has no place for the app');
void open(target);
