package cli

import "github.com/spf13/cobra"

// providerNames offers the providers that are configured, then the bundled ones.
func (a *app) providerNames(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
	if a.settle(cmd) != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	set, err := a.providers()
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	var names []string
	for _, c := range set.configs {
		names = append(names, c.Name+"\tin "+configName)
	}
	bundled, err := set.library.Names()
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	return append(names, bundled...), cobra.ShellCompDirectiveDefault
}
