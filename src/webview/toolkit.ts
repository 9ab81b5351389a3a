import {
  type Badge,
  type Button,
  type Checkbox,
  type Dropdown,
  type Option,
  type Panels,
  type TextField,
  provideVSCodeDesignSystem,
  vsCodeBadge,
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
 * `controls.ts` sets on its elements. Only the elements that the page uses are registered, which keeps the bundle small.
 */
export function registerControls(): void {
  provideVSCodeDesignSystem().register(
    vsCodeBadge(),
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
    'vscode-badge': Badge;
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
