import {
  type Button,
  type Checkbox,
  type Dropdown,
  type Option,
  type Panels,
  type TextField,
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeDropdown,
  vsCodeOption,
  vsCodePanels,
  vsCodePanelTab,
  vsCodePanelView,
  vsCodeTextField,
} from '@vscode/webview-ui-toolkit';

/**
 * The one place that names the toolkit, which is archived: whoever replaces it replaces this file and what
 * `controls.ts` sets on its elements. Only the elements that the page uses are registered, which keeps the bundle small. Its badge is
 * not among them: the badge's template has a style attribute, which the page's policy forbids.
 */
export function registerControls(): void {
  provideVSCodeDesignSystem().register(
    vsCodeButton(),
    vsCodeCheckbox(),
    vsCodeDropdown(),
    vsCodeOption(),
    vsCodePanels(),
    vsCodePanelTab(),
    vsCodePanelView(),
    vsCodeTextField(),
  );
}

declare global {
  interface HTMLElementTagNameMap {
    'vscode-button': Button;
    'vscode-checkbox': Checkbox;
    'vscode-dropdown': Dropdown;
    'vscode-option': Option;
    'vscode-panels': Panels;
    'vscode-panel-tab': HTMLElement;
    'vscode-panel-view': HTMLElement;
    'vscode-text-field': TextField;
  }
}
