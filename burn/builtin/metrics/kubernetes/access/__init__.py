"""How the Kubernetes API is reached and signed in to: kubeconfig or service account, TLS, proxies."""
