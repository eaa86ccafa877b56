"""traefik in front of the proxy, with certificates from Let's Encrypt."""
