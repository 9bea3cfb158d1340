"""Operations that only Letta Cloud has."""
