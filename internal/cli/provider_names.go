package cli

import "github.com/spf13/cobra"

// completeProviders makes --provider of cmd complete.
func (a *app) completeProviders(cmd *cobra.Command) {
	if err := cmd.RegisterFlagCompletionFunc("provider", a.providerNames); err != nil {
		panic(err) // a flag that this package does not define
	}
}

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
