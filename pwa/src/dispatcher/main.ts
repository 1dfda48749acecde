import '../ui/tokens.css';
import '../ui/base.css';
import './console.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { ConsoleApp } from './console-app.svelte.ts';

const target = document.getElementById('app');
if (!target) throw new Error('the page has no #app');

const app = new ConsoleApp();
mount(App, { target, props: { app } });
void app.start();
