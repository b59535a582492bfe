"""What a page or the API of this part says, where no template says it."""

HTTPS_ALONE = "This server takes only https:// addresses. Put https:// in front of the address, then try again."
