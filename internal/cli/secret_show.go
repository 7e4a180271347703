package cli

import (
	"fmt"

	"github.com/hookctl/hookctl/internal/signature"
	"github.com/spf13/cobra"
)

func newSecretShow(a *app) *cobra.Command {
	public := false
	cmd := &cobra.Command{
		Use:   "show PROVIDER [flags]",
		Short: "print a local secret",
		Long: `Print the local secret of a provider alone on standard output, for your server's
configuration.

` + profileHelp,
		Example:           "  hookctl secret show recharge\n  hookctl secret show discord --public",
		Args:              exactArgs("the provider"),
		ValidArgsFunction: a.completeFirst,
		RunE: func(_ *cobra.Command, args []string) error {
			return runSecretShow(a, args[0], public)
		},
	}
	cmd.Flags().BoolVar(&public, "public", false, "print the public key of the pair, in base64 (SubjectPublicKeyInfo)")
	return cmd
}

func runSecretShow(a *app, name string, public bool) error {
	p, path, err := a.secretOwner(name)
	if err != nil {
		return err
	}
	key, found, err := a.localSecret(p.Name)
	if err != nil {
		return err
	}
	if !found {
		return cannot("hookctl secret generate "+name+" makes one, hookctl secret set "+name+" keeps one of your own",
			fmt.Errorf("there is no local secret for %s", p.Name))
	}
	a.warnReadable(path)
	if !public {
		return a.printSecret(p.Name, "secret", key.Secret)
	}
	if !usesKeyPair(p) {
		return usage("hookctl secret show "+name+" prints the secret", "--public: %s has a secret that both sides know, and no public key", p.Name)
	}
	keys, err := signature.VerifyingKeys(p, []signature.Key{key})
	if err != nil {
		return cannot("hookctl secret set "+name+" keeps another", err)
	}
	return a.printSecret(p.Name, "public_key", keys[0].Secret)
}
