package cli

import (
	"fmt"

	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/signature"
	"github.com/spf13/cobra"
)

func newSecretShow(a *app) *cobra.Command {
	public, endpoint := false, ""
	cmd := &cobra.Command{
		Use:   "show PROVIDER|--endpoint NAME [flags]",
		Short: "print a local secret",
		Long: `Print the local secret of a provider alone on standard output, for your server's
configuration. With --endpoint it is the one that deliveries to that endpoint of
hookctl.yaml are signed with; an old one that is signed with as well is told on
standard error.

` + profileHelp,
		Example: "  hookctl secret show recharge\n  hookctl secret show discord --public\n  export WEBHOOK_SECRET=$(hookctl secret show --endpoint orders)",
		Args: func(cmd *cobra.Command, args []string) error {
			switch chosen := cmd.Flags().Changed("endpoint"); {
			case chosen && len(args) > 0:
				return usage("give one of them", "secret show: a provider and --endpoint exclude each other")
			case chosen:
				return nil
			}
			return exactArgs("the provider")(cmd, args)
		},
		ValidArgsFunction: a.completeFirst,
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return runEndpointSecret(a, endpoint, public)
			}
			return runSecretShow(a, args[0], public)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&endpoint, "endpoint", "", "print the secret of the endpoint `NAME` of hookctl.yaml")
	flags.BoolVar(&public, "public", false, "print the public key of the pair, in base64 (SubjectPublicKeyInfo)")
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
	text, err := publicKey(p, key, "hookctl secret show "+name, "hookctl secret set "+name+" keeps another")
	if err != nil {
		return err
	}
	return a.printSecret(p.Name, "public_key", text)
}

// publicKey is the public key of a pair. whole is the command that prints the secret, and
// other says how to have another.
func publicKey(p *provider.Profile, key signature.Key, whole, other string) (string, error) {
	if !usesKeyPair(p) {
		return "", usage(whole+" prints the secret", "--public: %s has a secret that both sides know, and no public key", p.Name)
	}
	keys, err := signature.VerifyingKeys(p, []signature.Key{key})
	if err != nil {
		return "", cannot(other, err)
	}
	return keys[0].Secret, nil
}
